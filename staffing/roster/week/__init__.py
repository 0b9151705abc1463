"""The week solver: counts for the bound, whole shifts, people, activities, repairs."""
