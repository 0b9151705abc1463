"""Files of every format as rows of text with their line, or one clear refusal."""
