# SPDX-License-Identifier: Apache-2.0
"""What the tests written in Python share: real servers, a publisher that knows what was acknowledged, TAP."""
