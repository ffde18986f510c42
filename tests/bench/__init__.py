"""`make bench`: Gradlet beside its peers, measured in one run in one browser."""
