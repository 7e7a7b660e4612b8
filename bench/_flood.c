/* Sends mails as many outside servers do: one per connection, no pipelining, so many sessions at a time.
 *
 * _flood PORT SENDER RECIPIENT MAILS SESSIONS OCTETS
 *
 * No two mails are the same (subject, Message-ID and first line differ): a list server puts a repeated mail aside.
 * Ends with 0 after the last 250, with 1 as soon as anything else is answered.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int port, mails, octets;
static const char *sender, *recipient;
static char date[64];
static atomic_int next_mail;

static void fail(const char *what, const char *reply) {
    fprintf(stderr, "%s: %s\n", what, reply);
    exit(1);
}

static void put(int link, const char *data, size_t length) {
    while (length > 0) {
        ssize_t done = write(link, data, length);
        if (done <= 0) fail("write", "the connection broke");
        data += done;
        length -= (size_t)done;
    }
}

/* Reads until the last line of a reply (RFC 5321 4.2), which must begin with `code`. */
static void expect(int link, const char *code) {
    char reply[4096];
    size_t length = 0;
    for (;;) {
        ssize_t got = read(link, reply + length, sizeof reply - 1 - length);
        if (got <= 0) fail(code, "the connection broke");
        length += (size_t)got;
        reply[length] = 0;
        if (reply[length - 1] != '\n') continue;
        char *line = reply;
        for (char *end; (end = strchr(line, '\n')) != NULL && end[1]; line = end + 1) {}
        if (strlen(line) < 4 || line[3] != '-') {
            if (strncmp(line, code, 3) != 0) fail(code, line);
            return;
        }
    }
}

static void say(int link, const char *code, const char *format, ...) {
    char line[1024];
    va_list values;
    va_start(values, format);
    int length = vsnprintf(line, sizeof line, format, values);
    va_end(values);
    put(link, line, (size_t)length);
    expect(link, code);
}

static void one_mail(int number) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int link = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    setsockopt(link, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(link, (struct sockaddr *)&address, sizeof address) != 0) fail("connect", "refused");
    expect(link, "220");
    say(link, "250", "EHLO client.example.org\r\n");
    say(link, "250", "MAIL FROM:<%s>\r\n", sender);
    say(link, "250", "RCPT TO:<%s>\r\n", recipient);
    say(link, "354", "DATA\r\n");
    char *content = malloc((size_t)octets + 2048);
    if (content == NULL) fail("memory", "none left");
    int length = sprintf(content,
        "From: <%s>\r\nTo: <%s>\r\nSubject: Mail %d of %d\r\nDate: %s\r\nMessage-ID: <%d.%d@client.example.org>\r\n\r\n"
        "This is mail %d.\r\n", sender, recipient, number, (int)getpid(), date, number, (int)getpid(), number);
    for (int done = 0; done < octets; done += 80) {
        memset(content + length, 'X', 78);
        memcpy(content + length + 78, "\r\n", 2);
        length += 80;
    }
    memcpy(content + length, ".\r\n", 3);
    put(link, content, (size_t)length + 3);
    free(content);
    expect(link, "250");
    say(link, "221", "QUIT\r\n");
    close(link);
}

static void *session(void *unused) {
    for (int number; (number = atomic_fetch_add(&next_mail, 1)) < mails;) one_mail(number);
    return unused;
}

int main(int count, char **words) {
    if (count != 7) fail("usage", "_flood PORT SENDER RECIPIENT MAILS SESSIONS OCTETS");
    port = atoi(words[1]), sender = words[2], recipient = words[3], mails = atoi(words[4]);
    int sessions = atoi(words[5]);
    octets = atoi(words[6]);
    time_t now = time(NULL);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S +0000", gmtime(&now));
    pthread_t threads[1000];
    if (sessions < 1 || sessions > 1000) fail("sessions", "1 to 1000");
    for (int number = 0; number < sessions; number++) pthread_create(&threads[number], NULL, session, NULL);
    for (int number = 0; number < sessions; number++) pthread_join(threads[number], NULL);
    return 0;
}
