"""What a planner sees and decides: the web pages and the root command line."""
