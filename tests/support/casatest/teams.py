# SPDX-License-Identifier: Apache-2.0
"""A broker as config/mosquitto.conf has it: the dashboard's own users in a password file, teams by the plug-in."""
import glob
import os
import shutil
import subprocess

OWN = ("pulse", "record", "stage", "city", "teams", "usher")


def find_plugin():
    found = glob.glob("/usr/lib/*/mosquitto_dynamic_security.so") + glob.glob("/usr/lib/mosquitto_dynamic_security.so")
    return found[0] if found else None


def prepare(folder, config, plugin):
    """Writes into @folder what the broker needs, and NAME.password for each own user (NAME-secret); returns lines for its
    configuration."""
    passwords, rights, state = (os.path.join(folder, name) for name in ("passwd", "acl", "dynamic-security.json"))
    with open(passwords, "w", encoding="utf-8") as file:
        file.writelines(f"{name}:{name}-secret\n" for name in OWN)
    subprocess.run(["mosquitto_passwd", "-U", passwords], check=True)
    for name in OWN:
        path = os.path.join(folder, name + ".password")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"{name}-secret")
        os.chmod(path, 0o600)
    shutil.copy(os.path.join(config, "mosquitto.acl"), rights)
    shutil.copy(os.path.join(config, "dynamic-security.json"), state)
    for path in (passwords, rights, state):
        os.chmod(path, 0o600)
    return (f"allow_anonymous false\nuse_username_as_clientid true\npassword_file {passwords}\nacl_file {rights}\n"
            f"plugin {plugin}\nplugin_opt_config_file {state}\n")
