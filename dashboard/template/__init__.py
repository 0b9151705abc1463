"""The template of the supply side: one workbook to fill in, made from the mappings."""
