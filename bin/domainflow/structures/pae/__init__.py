"""Read the predicted aligned error (PAE) of every predictor: one module for each family of layouts."""
