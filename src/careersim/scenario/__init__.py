"""What to run: parameters, places and experiments, read from files and checked. Imports neither numpy nor the model."""
