# SPDX-License-Identifier: EUPL-1.2
"""lefi_schema.py OPENAPI FILE...: is each file an answer by LEFI's schema?

Stricter than the schema in one way: a member that it does not name is a
fault, since a misspelt one would otherwise pass.
"""
import json
import sys

import jsonschema
import yaml

ROOT = '#/components/schemas/LefiExternFormansinformationSvar'


def close(node):
    """Forbids members that are not named, everywhere."""
    if isinstance(node, dict):
        if 'properties' in node:
            node.setdefault('additionalProperties', False)
        for value in node.values():
            close(value)
    elif isinstance(node, list):
        for value in node:
            close(value)


def main(openapi, files):
    with open(openapi, encoding='utf-8') as f:
        api = yaml.safe_load(f)
    close(api['components']['schemas'])
    schema = {'$ref': ROOT, 'components': api['components']}
    check = jsonschema.Draft4Validator(
        schema, format_checker=jsonschema.FormatChecker())
    bad = 0
    for name in files:
        with open(name, encoding='utf-8') as f:
            answer = json.load(f)
        for fault in check.iter_errors(answer):
            bad += 1
            print('%s: %s: %s' % (name, '/'.join(map(str, fault.path)),
                                  fault.message))
    print('%d files lefi.json' % len(files))
    return 1 if bad or len(files) < 100 else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1], sys.argv[2:]))
