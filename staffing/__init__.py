"""Who must be where, and which letters go when?"""
