"""Laws of the hand-written layer, over services that are scripted from the document and share nothing with it."""
