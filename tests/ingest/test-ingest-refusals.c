/* SPDX-License-Identifier: Apache-2.0 */
#include "link-recorder.h"
#include "odd-broker.h"
#include "process.h"

/* What brokers say no to, and what they get wrong: each is told in words that say how to mend it, none ends the program. */

static LinkRecorder *
listen_to(TestOddBroker *broker, guint version)
{
  static const char *const two[] = { "city/#", "+/$station/+", NULL };
  return link_recorder_new_full(test_odd_broker_url(broker), "recorder-odd", version, NULL, two);
}

static void
assert_said(const TestOddAnswers *answers, guint version, CasaLinkState state, const char *words)
{
  g_autoptr(TestOddBroker) broker = test_odd_broker_new(answers);
  g_autoptr(LinkRecorder) recorder = listen_to(broker, version);
  g_test_message("version %u, CONNACK %d: %s", version, answers->connack, words);
  test_until(link_recorder_said(recorder, words), 60);
  link_recorder_wait_state(recorder, state, 60);
  g_assert_cmpuint(recorder->gets_up, ==, 0);
}

static void
test_connack(void)
{
  static const struct {
    guint version;
    int code;
    const char *words;
  } cases[] = {
    { 3, 1, "it does not speak MQTT 3.1.1; set [broker] mqtt_version = 5" },
    { 3, 2, "refuses: it refuses the client id; set [broker] client_id" },
    { 3, 3, "refuses: it says it is unavailable" },
    { 3, 4, "refuses: user name or password is wrong; set [broker] user and password_file" },
    { 3, 5, "refuses: not authorised; set [broker] user and password_file, and check the broker's ACL" },
    { 5, 0x84, "it does not speak MQTT 5; set [broker] mqtt_version = 3.1.1" },
    { 5, 0x85, "refuses: it refuses the client id; set [broker] client_id" },
    { 5, 0x86, "refuses: user name or password is wrong" },
    { 5, 0x87, "refuses: not authorised" },
    { 5, 0x88, "refuses: it says it is unavailable" },
    { 5, 0x8a, "refuses: Banned" },
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    TestOddAnswers answers = { .connack = cases[i].code };
    assert_said(&answers, cases[i].version, CASA_LINK_REFUSED, cases[i].words);
  }
}

/* Nobody who speaks MQTT: no refusal, and so it is tried again soon. */
static void
test_hangs_up(void)
{
  TestOddAnswers answers = { .connack = -1 };
  assert_said(&answers, 5, CASA_LINK_CONNECTING, "does it speak MQTT 5");
  assert_said(&answers, 3, CASA_LINK_CONNECTING, "no broker answers at 127.0.0.1:");
}

/* Of two filters the second is refused: that one is named. */
static void
test_subscription_refused(void)
{
  static const guint8 codes[] = { 1, 0x87 }, old_codes[] = { 1, 0x80 };
  TestOddAnswers answers = { .codes = codes, .n_codes = 2 };
  assert_said(&answers, 5, CASA_LINK_REFUSED, "refuses the subscription to casa/v1/+/$station/+; allow it in the broker's ACL");
  answers.codes = old_codes;
  answers.in_turn = TRUE;
  assert_said(&answers, 3, CASA_LINK_REFUSED, "refuses the subscription to casa/v1/+/$station/+; allow it in the broker's ACL");
}

/* Fewer answers than were asked for, or more: whatever was meant, it is no subscription, and nothing is read beyond them. With
 * 3.1.1 each filter is asked for alone. */
static void
test_wrong_number_of_answers(void)
{
  static const guint8 codes[] = { 1, 1, 1, 1 };
  for (guint version = 3; version <= 5; version += 2)
    for (guint n = 1; n <= 4; n++) {
      TestOddAnswers answers = { .codes = codes, .n_codes = n };
      if (n != (version == 5 ? 2 : 1))
        assert_said(&answers, version, CASA_LINK_REFUSED, "answers for another number of filters");
    }
}

/* A broker that lets us in and puts us off at once: the first times it is tried again soon, then slowly, with words. */
static void
test_put_off(void)
{
  static const struct {
    guint version;
    guint8 code;
    const char *words;
  } cases[] = { { 5, 0x8e, "does another program use our user or client id?" },
                { 5, 0x8b, "broke: Server shutting down; trying again" },
                { 3, 0, "does another program use our user or client id?" } };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    TestOddAnswers answers = { .goodbye = TRUE, .goodbye_code = cases[i].code };
    g_autoptr(TestOddBroker) broker = test_odd_broker_new(&answers);
    g_autoptr(LinkRecorder) recorder =
      link_recorder_new_full(test_odd_broker_url(broker), "recorder-odd", cases[i].version, NULL, NULL);
    g_test_message("%s", cases[i].words);
    test_until(link_recorder_said(recorder, cases[i].words), 60);
    g_assert_cmpuint(recorder->gets_up, >, 0);
  }
}

/* Some answer so to a topic that we may not read (AWS IoT): said after some trials, which then come slowly. */
static void
test_hangs_up_on_subscription(void)
{
  for (guint version = 3; version <= 5; version += 2) {
    TestOddAnswers answers = { .no_suback = TRUE, .goodbye = TRUE, .goodbye_code = 0x87 };
    g_autoptr(TestOddBroker) broker = test_odd_broker_new(&answers);
    g_autoptr(LinkRecorder) recorder = listen_to(broker, version);
    test_until(link_recorder_said(recorder, "hangs up whenever we subscribe; allow our topics in its ACL"), 60);
    g_assert_cmpuint(recorder->gets_up, ==, 0);
  }
}

/* A broker that says nothing to a subscription is given up, and asked again. */
static void
test_no_answer_to_subscription(void)
{
  TestOddAnswers answers = { .no_suback = TRUE };
  g_autoptr(TestOddBroker) broker = test_odd_broker_new(&answers);
  g_autoptr(LinkRecorder) recorder = listen_to(broker, 5);
  test_until(test_odd_broker_connections(broker) >= 2, 60);
  g_assert_cmpuint(recorder->gets_up, ==, 0);
}

/* One that hands over what it kept before it answers is heard: a backlog takes a slow machine longer than any patience. */
static void
test_backlog_before_answer(void)
{
  for (guint version = 3; version <= 5; version += 2) {
    TestOddAnswers answers = { .no_suback = TRUE, .backlog = TRUE };
    g_autoptr(TestOddBroker) broker = test_odd_broker_new(&answers);
    g_autoptr(LinkRecorder) recorder = listen_to(broker, version);
    link_recorder_wait_state(recorder, CASA_LINK_UP, 60);
    g_assert_cmpuint(test_odd_broker_connections(broker), ==, 1);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ingest/refusals/connack", test_connack);
  g_test_add_func("/ingest/refusals/hangs-up", test_hangs_up);
  g_test_add_func("/ingest/refusals/subscription", test_subscription_refused);
  g_test_add_func("/ingest/refusals/number-of-answers", test_wrong_number_of_answers);
  g_test_add_func("/ingest/refusals/put-off", test_put_off);
  g_test_add_func("/ingest/refusals/hangs-up-on-subscription", test_hangs_up_on_subscription);
  g_test_add_func("/ingest/refusals/no-answer", test_no_answer_to_subscription);
  g_test_add_func("/ingest/refusals/backlog-before-answer", test_backlog_before_answer);
  return g_test_run();
}
