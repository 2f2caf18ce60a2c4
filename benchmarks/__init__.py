"""Measurements, run by hand or by `tox -e bench`; every figure is a ratio from one run."""
