"""Kinds that call one function of the student on drawn inputs."""
