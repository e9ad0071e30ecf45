"""Surveys: questionnaires, rounds, answering without anybody being known, results."""
