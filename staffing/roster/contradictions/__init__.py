"""What makes an instance contradict itself, found before solving; a line for each."""
