"""The console of ops: programmes, cohorts, matches, pairs, people, mails. In English, for this machine only."""
