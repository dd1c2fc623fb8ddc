"""What agreement with the document means, as code that can be reused: values, normal forms and checks.

- `strategies` generates requests and answers that the strict document admits, and answers in the tolerant wire forms;
- `normal` brings an answer to one form, so that forms that mean the same compare equal;
- `checks` judges a captured request, and the answer of a server, by the document alone;
- `facade` calls the public method of an operation with generated values.

Needs the extra `contract`. Nothing in here reads a generated model to decide what is right.
"""

from __future__ import annotations
