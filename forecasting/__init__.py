"""What will residents ask for, and when?"""
