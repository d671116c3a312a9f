# SPDX-License-Identifier: EUPL-1.2
"""lefi_schema.py OPENAPI FILE...: is each file what LEFI's schema has for its
ending: an answer, a failure, or the list of what may be asked?

Stricter than the schema in one way: a member that it does not name is a
fault, since a misspelt one would otherwise pass.
"""
import json
import sys

import jsonschema
import yaml

ROOTS = {'lefi': 'LefiExternFormansinformationSvar',
         'felsvar': 'LefiFelsvar',
         'kinds': 'LefiExternTillgangligaInformationstyper'}


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
    checks = {kind: jsonschema.Draft4Validator(
        {'$ref': '#/components/schemas/' + root,
         'components': api['components']},
        format_checker=jsonschema.FormatChecker())
        for kind, root in ROOTS.items()}
    bad = 0
    seen = dict.fromkeys(ROOTS, 0)
    for name in files:
        kind = name.split('.')[-2]
        seen[kind] += 1
        with open(name, encoding='utf-8') as f:
            answer = json.load(f)
        for fault in checks[kind].iter_errors(answer):
            bad += 1
            print('%s: %s: %s' % (name, '/'.join(map(str, fault.path)),
                                  fault.message))
    print(', '.join('%d files %s.json' % (n, k) for k, n in seen.items()))
    few = seen['lefi'] < 100 or seen['felsvar'] < 10 or seen['kinds'] < 1
    return 1 if bad or few else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1], sys.argv[2:]))
