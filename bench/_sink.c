/* The next hop of the benchmarks: takes every mail and keeps nothing but three numbers, in a file that its parent maps.

   usage: sink FILE [quickack]     prints the port it listens on

   FILE holds, after each accepted mail: recipients (u64), mails (u64), the moment of the last one (f64, CLOCK_MONOTONIC).
   With quickack every segment is acknowledged at once: the best case of senders that wait for acknowledgements (Nagle). */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ROOM = 1 << 16, LINE = 4096 };

struct numbers {
    uint64_t recipients, mails;
    double last;
};

struct session {
    int fd, data, place; /* place: how much of CR LF . CR LF has been seen */
    unsigned recipients;
    size_t length;
    char line[LINE];
};

static struct numbers *numbers;
static char answers[ROOM];
static size_t answered;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void answer(const char *text) {
    size_t length = strlen(text);
    if (answered + length <= sizeof answers) {
        memcpy(answers + answered, text, length);
        answered += length;
    }
}

static void taken(struct session *one) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    numbers->recipients += one->recipients;
    numbers->mails++;
    numbers->last = now.tv_sec + now.tv_nsec / 1e9;
    one->recipients = 0;
    one->data = 0;
    answer("250 2.0.0 taken\r\n");
}

/* The content of a mail up to its final dot; returns how much of it was used. */
static size_t content(struct session *one, const char *text, size_t length) {
    static const char end[] = "\r\n.\r\n";
    for (size_t at = 0; at < length; at++) {
        if (one->place == 0) {
            const char *next = memchr(text + at, '\r', length - at);
            if (next == NULL) return length;
            at = next - text;
        }
        if (text[at] == end[one->place]) {
            if (++one->place == 5) {
                taken(one);
                return at + 1;
            }
        } else {
            one->place = text[at] == '\r' ? 1 : 0;
        }
    }
    return length;
}

static int command(struct session *one) {
    const char *line = one->line;
    if (!strncasecmp(line, "RCPT", 4)) {
        one->recipients++;
        answer("250 2.1.5 ok\r\n");
    } else if (!strncasecmp(line, "DATA", 4)) {
        one->data = 1;
        one->place = 2; /* an empty content begins with its dot */
        answer("354 go on\r\n");
    } else if (!strncasecmp(line, "EHLO", 4)) {
        answer("250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 100000000\r\n");
    } else if (!strncasecmp(line, "QUIT", 4)) {
        answer("221 2.0.0 bye\r\n");
        return 0;
    } else {
        if (!strncasecmp(line, "MAIL", 4) || !strncasecmp(line, "RSET", 4)) one->recipients = 0;
        answer("250 2.0.0 ok\r\n");
    }
    return 1;
}

/* What has come; false when the session is over. */
static int heard(struct session *one, const char *text, size_t length) {
    int open = 1;
    while (length > 0 && open) {
        if (one->data) {
            size_t used = content(one, text, length);
            text += used;
            length -= used;
            continue;
        }
        char c = *text++;
        length--;
        if (c == '\n') {
            one->line[one->length] = 0;
            one->length = 0;
            open = command(one);
        } else if (one->length < LINE - 1) {
            one->line[one->length++] = c;
        }
    }
    return open;
}

static int listening(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (void *)&address, size) || listen(fd, 1024)) die("listen");
    getsockname(fd, (void *)&address, &size);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

int main(int count, char **words) {
    if (count < 2) return 2;
    int quick = count > 2 && !strcmp(words[2], "quickack"), on = 1;
    int file = open(words[1], O_RDWR | O_CREAT, 0600);
    if (file < 0 || ftruncate(file, sizeof *numbers)) die(words[1]);
    numbers = mmap(NULL, sizeof *numbers, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (numbers == MAP_FAILED) die("mmap");
    int door = listening(), poll = epoll_create1(0);
    struct epoll_event want = {.events = EPOLLIN, .data.ptr = NULL}, events[256];
    epoll_ctl(poll, EPOLL_CTL_ADD, door, &want);
    static char text[ROOM];
    for (;;) {
        int ready = epoll_wait(poll, events, 256, -1);
        for (int i = 0; i < ready; i++) {
            struct session *one = events[i].data.ptr;
            if (one == NULL) {
                int fd;
                while ((fd = accept4(door, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                    struct session *next = calloc(1, sizeof *next);
                    next->fd = fd;
                    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                    struct epoll_event of = {.events = EPOLLIN, .data.ptr = next};
                    epoll_ctl(poll, EPOLL_CTL_ADD, fd, &of);
                    if (write(fd, "220 sink ESMTP\r\n", 16) < 0) continue;
                }
                continue;
            }
            ssize_t got = recv(one->fd, text, sizeof text, 0);
            if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
            int open = got > 0;
            if (open) {
                if (quick) setsockopt(one->fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
                answered = 0;
                open = heard(one, text, got);
                if (answered && send(one->fd, answers, answered, MSG_NOSIGNAL) < 0) open = 0;
            }
            if (!open) {
                close(one->fd);
                free(one);
            }
        }
    }
}
