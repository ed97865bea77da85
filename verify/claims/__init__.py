"""From a draft to claims: find the markers, take them off, split the sentences, put the markers back by offset."""
