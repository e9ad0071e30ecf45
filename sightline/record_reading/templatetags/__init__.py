"""What templates of record reading may ask for."""
