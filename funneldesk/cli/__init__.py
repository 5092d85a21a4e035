"""The command line: everything that can be automated."""
