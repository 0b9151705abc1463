"""Forecasting methods behind one Protocol."""
