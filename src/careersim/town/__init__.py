"""Who and what is in town: columns of people, ties, employers and posts; how a town is built, forked, saved and loaded."""
