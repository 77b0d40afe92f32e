#include "handle.h"

#include "private_loop.h"

namespace loopdyno {

Handle::Handle(PrivateLoop* loop) : loop_(loop), id_(loop->Register(this)) {}

void Handle::Close() {
  uv_handle_t* handle = raw();
  if (uv_is_closing(handle)) return;
  handle->data = this;
  uv_close(handle, [](uv_handle_t* closed) {
    auto* self = static_cast<Handle*>(closed->data);
    self->loop_->Forget(self->id_);
    self->loop_->completions.Add(Op::kClosed, self->id_);
    delete self;
  });
}

}  // namespace loopdyno
