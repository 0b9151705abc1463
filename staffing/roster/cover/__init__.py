"""Plain shift cover: columns of whole schedules, and search around the best roster."""
