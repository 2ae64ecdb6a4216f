#pragma once
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
// fopencookie's table of functions; stdio.h hides it from a strict compilation.
#include <bits/types/cookie_io_functions_t.h>
#include <histedit.h>

// libedit's setters are variadic, which Swift cannot call, and its characters are wchar_t, which Swift
// takes for valid Unicode scalars. These wrappers fix the arguments and say int32_t.
// https://manpages.debian.org/bookworm/libedit-dev/editline.3.en.html

typedef int32_t (*cedit_read)(EditLine *, int32_t *);
typedef unsigned char (*cedit_key)(EditLine *, int);
typedef int32_t *(*cedit_prompt)(EditLine *);

// wchar.h hides it from a strict compilation; the declaration is libc's.
extern int wcwidth(wchar_t);

// What libedit draws goes to `write` instead of the terminal, so that a whole frame reaches it at once.
// https://man7.org/linux/man-pages/man3/fopencookie.3.html
typedef ssize_t (*cedit_write)(void *, const char *, size_t);
extern FILE *fopencookie(void *restrict, const char *restrict, cookie_io_functions_t);

static inline FILE *cedit_stream(void *owner, cedit_write write) {
  cookie_io_functions_t functions = {NULL, write, NULL, NULL};
  return fopencookie(owner, "w", functions);
}

// libedit asks descriptor 1 about the terminal and draws to `out`.
static inline EditLine *cedit_init(const char *name, FILE *out) {
  return el_init_fd(name, stdin, out, stderr, 0, 1, 2);
}

static inline int cedit_width(int32_t scalar) { return wcwidth((wchar_t)scalar); }

static inline int cedit_set_client(EditLine *el, void *data) { return el_wset(el, EL_CLIENTDATA, data); }

static inline void *cedit_client(EditLine *el) {
  void *data = NULL;
  return el_wget(el, EL_CLIENTDATA, &data) == 0 ? data : NULL;
}

static inline int cedit_set_editor(EditLine *el, const char *name) { return el_set(el, EL_EDITOR, name); }

static inline int cedit_set_read(EditLine *el, cedit_read read) {
  return el_wset(el, EL_GETCFN, (el_rfunc_t)read);
}

// What stands between two `escape` characters has no width: colours.
static inline int cedit_set_prompt(EditLine *el, cedit_prompt prompt, int32_t escape) {
  return el_wset(el, EL_PROMPT_ESC, (wchar_t *(*)(EditLine *))prompt, (wchar_t)escape);
}

static inline int cedit_add_function(EditLine *el, const char *name, const char *about, cedit_key key) {
  return el_set(el, EL_ADDFN, name, about, key);
}

static inline int cedit_bind(EditLine *el, const char *key, const char *function) {
  return el_set(el, EL_BIND, key, function, NULL);
}

// 1: the terminal's raw mode; 0: back to what it was.
static inline int cedit_prepare_terminal(EditLine *el, int raw) { return el_set(el, EL_PREP_TERM, raw); }

// Forgets what is on the screen and draws prompt and line where the cursor stands.
static inline int cedit_refresh(EditLine *el) { return el_set(el, EL_REFRESH); }

static inline int cedit_insert(EditLine *el, const int32_t *text) {
  return el_winsertstr(el, (const wchar_t *)text);
}

static inline const int32_t *cedit_buffer(EditLine *el) {
  return (const int32_t *)el_wline(el)->buffer;
}

static inline long cedit_length(EditLine *el) {
  const LineInfoW *line = el_wline(el);
  return line->lastchar - line->buffer;
}

static inline long cedit_cursor(EditLine *el) {
  const LineInfoW *line = el_wline(el);
  return line->cursor - line->buffer;
}

static inline const int32_t *cedit_gets(EditLine *el, int *count) {
  return (const int32_t *)el_wgets(el, count);
}
