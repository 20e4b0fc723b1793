"""The analysis of a study as tables and figures."""
