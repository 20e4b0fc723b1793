"""Show: the final table, figures, life stories and session records, analyses of a study, and its export."""
