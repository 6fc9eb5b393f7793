# SPDX-License-Identifier: Apache-2.0
"""What an audience sees: a display in memory, judged by its pixels."""
import os
import struct
import subprocess

WHITE, BLACK = 0xFFFFFF, 0
DESKTOP_SHARE = 0.3  # of the picture in pure white: no scene of the dark theme has so much
WALL_COLOURS = 100   # a scene has hundreds; black and the desktop have one


class Screen:
    """A display in memory whose root is white, and whose picture is a file."""

    def __init__(self, folder):
        receive, give = os.pipe()
        os.set_inheritable(give, True)
        self.xvfb = subprocess.Popen(["Xvfb", "-displayfd", str(give), "-screen", "0", "1600x900x24", "-wr", "-fbdir", folder, "-nolisten", "tcp"],
                                     pass_fds=[give], stderr=subprocess.DEVNULL)
        os.close(give)
        self.name = ":" + os.read(receive, 16).decode().strip()
        self.path = os.path.join(folder, "Xvfb_screen0")

    def picture(self):
        """Bytes, where the first line begins in them, width, height, bytes of a line."""
        with open(self.path, "rb") as file:
            data = file.read()
        head = struct.unpack(">25I", data[:100])
        return data, head[0] + head[19] * 12, head[4], head[5], head[12]

    def first_dot(self):
        """Red, green, blue."""
        data, begin, _, _, line = self.picture()
        blue, green, red = data[begin + line + 4:begin + line + 7]
        return red, green, blue

    def colours(self, part=1):
        """{colour: share} of every eighth dot of every eighth line; of the lower right @part of the picture only."""
        data, begin, width, height, line = self.picture()
        seen, n = {}, 0
        for y in range(int(height * (1 - part)), height, 8):
            row = data[begin + y * line + int(width * (1 - part)) * 4:begin + y * line + width * 4]
            for dot in struct.unpack(f"<{len(row) // 4}I", row)[::8]:
                seen[dot & WHITE] = seen.get(dot & WHITE, 0) + 1
                n += 1
        return {colour: count / n for colour, count in seen.items()}

    def brightness(self, left, top, width, height):
        """The mean of a part's dots, 0 to 255; the part in fractions of the picture."""
        data, begin, all_w, all_h, line = self.picture()
        first, last = int(left * all_w) * 4, max(int((left + width) * all_w), int(left * all_w) + 1) * 4
        rows = [data[begin + y * line + first:begin + y * line + last] for y in range(int(top * all_h), int((top + height) * all_h))]
        return sum(sum(row[0::4]) + sum(row[1::4]) + sum(row[2::4]) for row in rows) / (3 * len(rows) * (last - first) / 4)

    def close(self):
        self.xvfb.terminate()
        self.xvfb.wait(20)


def kind_of(colours):
    if colours.get(WHITE, 0) > DESKTOP_SHARE:
        return "desktop"
    return "wall" if len(colours) > WALL_COLOURS else "black" if colours.get(BLACK, 0) == 1 else "other"
