"""Pages of counting and of official tables."""
