"""Groups as a whole: made, named, merged, closed; and what the cases of other packages do to them."""
