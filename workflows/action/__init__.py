"""Actions: what somebody has to do by a day, reminded of, asked about, and chased until it is done."""
