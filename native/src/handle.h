#ifndef LOOPDYNO_HANDLE_H_
#define LOOPDYNO_HANDLE_H_

#include <uv.h>

#include <cstdint>

#include "live_count.h"

namespace loopdyno {

class PrivateLoop;

// A libuv handle that JS knows by a number. It lives from its construction, which registers it with
// its loop, to the callback of uv_close. Only that callback deletes it, since libuv may use a
// handle's memory until then.
class Handle {
 public:
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  int32_t id() const { return id_; }

  // Closes the handle. JS is told that its id is free once libuv is done with it. A second call
  // does nothing.
  void Close();

 protected:
  explicit Handle(PrivateLoop* loop);
  virtual ~Handle() = default;

  virtual uv_handle_t* raw() = 0;

  PrivateLoop* const loop_;

 private:
  const int32_t id_;
  const Counted<Live::kHandle> counted_;
};

}  // namespace loopdyno

#endif  // LOOPDYNO_HANDLE_H_
