"""What makes and checks the generated code, the document and the figures; run from the repository."""
