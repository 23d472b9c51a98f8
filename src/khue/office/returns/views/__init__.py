"""Pages of reporting: the school's, the office's, the periods."""
