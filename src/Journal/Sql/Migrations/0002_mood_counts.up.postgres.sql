-- Today's rows are written again and again: room on their page keeps that out of the index.
ALTER TABLE mood_counts SET (fillfactor = 80);
