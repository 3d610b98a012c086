-- By its bytes, so that a range of it is what begins with a text.
ALTER TABLE guest_words ALTER COLUMN word TYPE text COLLATE "C";
