"""What people read: words, numbers and dates in Dutch and English."""
