"""Participants' pages: one question behind one signed link. A GET changes nothing; a button POSTs."""
