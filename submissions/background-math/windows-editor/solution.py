"""Übung 1, Aufgaben 3 und 4 – Müller"""
import numpy as np
from numpy import array


def q3_gradient(x):
	x1, x2 = x
	return array([x2*(1 + x2)*(2*x1 + x2),
				  x1*(x1 + 2*x1*x2 + 2*x2 + 3*x2**2)])


def q3_hessian(x):
	x1, x2 = x
	off = 2*x1 + 4*x1*x2 + 2*x2 + 3*x2**2
	return array([[2*x2*(1 + x2), off],
				  [off, 2*x1*(1 + x1 + 3*x2)]])


pts = [(0, -1), (1, -1), (3/8, -3/4)]


def q3_stationary_points():
	return pts


def q3_hessians():
	return [q3_hessian(p) for p in pts]


def q3_classification():
	out = []
	for p in pts:
		w = np.linalg.eigvalsh(q3_hessian(p))
		out.append("maximum" if w.max() < 0 else "minimum" if w.min() > 0 else "saddle")
	return out


def q4_stationary_points():
	# solve  [2 0; 0 -4] x = [-8, -12]
	return np.linalg.solve(q4_hessian(None), [-8, -12])


def q4_hessian(x):
	return array([[2., 0.], [0., -4.]])


def q4_classification():
	return "saddle"
