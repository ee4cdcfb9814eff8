"""Validates standard input against the JSON Schema named on the command line; prints the first errors."""
import json
import sys

try:
    import jsonschema
except ImportError:
    print("no python3-jsonschema")
    sys.exit(77)

with open(sys.argv[1], encoding="utf-8") as schema_file:
    schema = json.load(schema_file)
validator = jsonschema.validators.validator_for(schema)
validator.check_schema(schema)
errors = list(validator(schema).iter_errors(json.load(sys.stdin)))
for error in errors[:5]:
    print("/".join(map(str, error.absolute_path)), error.message[:300])
sys.exit(1 if errors else 0)
