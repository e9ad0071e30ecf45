"""Nothing yet: the first rows about children come with the outcomes work."""
