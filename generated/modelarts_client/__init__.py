"""Low-level client of the ModelArts v1 API, made from `openapi.json`. Do not edit."""
