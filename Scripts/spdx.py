"""Writes an SPDX 2.3 document of a program and its parts.

Reads lines "linked NAME VERSION LICENCE ADDRESS" and "loaded NAME VERSION", separated by tabs, from
standard input. Arguments: program, version, commit, time of the commit.
"""

import json
import re
import sys


def identifier(*words):
    """An SPDX identifier: letters, digits, points and hyphens only."""
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", "-".join(words))


def main():
    program, version, commit, created = sys.argv[1:]
    own = identifier("Package", program)
    packages = [
        {
            "SPDXID": own,
            "name": program,
            "versionInfo": version,
            "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False,
            "licenseConcluded": "GPL-3.0-or-later",
            "licenseDeclared": "GPL-3.0-or-later",
            "copyrightText": "NOASSERTION",
            "sourceInfo": f"built from commit {commit}",
        }
    ]
    relations = [
        {
            "spdxElementId": "SPDXRef-DOCUMENT",
            "relationshipType": "DESCRIBES",
            "relatedSpdxElement": own,
        }
    ]
    for line in sys.stdin:
        kind, name, number, *rest = line.rstrip("\n").split("\t")
        part = {
            "SPDXID": identifier(kind, name),
            "name": name,
            "versionInfo": number,
            "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False,
            "licenseConcluded": "NOASSERTION",
            "licenseDeclared": "NOASSERTION",
            "copyrightText": "NOASSERTION",
        }
        if kind == "linked":
            part["licenseConcluded"] = part["licenseDeclared"] = rest[0]
            part["downloadLocation"] = f"git+{rest[1]}@{number}" if number else "NOASSERTION"
        else:
            part["supplier"] = "Organization: Debian"
            part["externalRefs"] = [
                {
                    "referenceCategory": "PACKAGE-MANAGER",
                    "referenceType": "purl",
                    "referenceLocator": f"pkg:deb/debian/{name}@{number}",
                }
            ]
        packages.append(part)
        relations.append(
            {
                "spdxElementId": own,
                "relationshipType": "STATIC_LINK" if kind == "linked" else "DYNAMIC_LINK",
                "relatedSpdxElement": part["SPDXID"],
            }
        )
    document = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"{program}-{version}",
        "documentNamespace": f"https://spdx.org/spdxdocs/{program}-{version}-{commit}",
        "creationInfo": {"created": created, "creators": [f"Tool: {program}-sbom"]},
        "packages": packages,
        "relationships": relations,
    }
    json.dump(document, sys.stdout, indent=1, sort_keys=True)
    print()


if __name__ == "__main__":
    main()
