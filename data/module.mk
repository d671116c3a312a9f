# SPDX-License-Identifier: EUPL-1.2
dist_pkgdata_DATA += data/syften.ini data/lagstod-2025-07.ini
