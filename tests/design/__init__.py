"""Tests of `design`: components, forms, colours, words, charts, documents, spreadsheets."""
