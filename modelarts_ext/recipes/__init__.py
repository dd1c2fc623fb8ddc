"""Whole jobs instead of single calls. They stand on the public methods of the groups, and alone name members of answers.

Each recipe is written once, as a flow of calls, and run by the blocking and by the awaiting client.
"""
