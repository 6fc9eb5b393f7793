/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "broker.h"
#include "process.h"

G_BEGIN_DECLS

/* A mosquitto that runs the configuration and the ACL we ship, with users and passwords of its own, and a folder of
 * configuration for `casa`. Aborts on failure. */
typedef struct {
  char *dir, *config, *url;
  guint16 port;
  TestProcess *broker;
} AccessFixture;

/* @users: NULL-terminated; the password of each is access_password(). */
AccessFixture *access_new(const char *const *users);
void access_free(AccessFixture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AccessFixture, access_free)

/* (transfer full) */
char *access_password(const char *user);
/* Writes pulse.conf for @user: user, password_file, then @more (or NULL). */
void access_configure(AccessFixture *self, const char *user, const char *more);
/* `casa` with these arguments; --config, --broker are given. @name names its logs. */
TestProcess *access_start(AccessFixture *self, const char *name, const char *command, ...) G_GNUC_NULL_TERMINATED;
/* The same to its end: its status. @out: what it printed on both streams, or NULL. */
int access_run(AccessFixture *self, char **out, const char *command, ...) G_GNUC_NULL_TERMINATED;
/* mosquitto_pub (QoS 1, MQTT 5: a refusal is seen) as @user with @id (NULL: none). Its status. */
int access_publish(AccessFixture *self, const char *user, const char *id, const char *topic, const char *payload);
/* mosquitto_sub as @user: what came in at most @seconds, stopped at the first message. (transfer full) */
char *access_listen(AccessFixture *self, const char *user, const char *id, const char *filter, const char *seconds);

/* TRUE when some file below @dir, other than @except (a name), or @text holds @word. */
gboolean found_in_files(const char *dir, const char *word, const char *except);

G_END_DECLS
