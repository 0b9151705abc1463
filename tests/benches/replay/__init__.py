"""How well a replay predicts days that it was not fitted on."""
