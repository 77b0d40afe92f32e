#include "io_loop.h"

#include <string>

#include "blocking_drive.h"
#include "file_read.h"
#include "file_write.h"
#include "guest_drive.h"
#include "tcp_server.h"
#include "tcp_stream.h"

namespace loopdyno {

namespace {

int32_t Int(const Napi::CallbackInfo& info, size_t index) {
  return info[index].As<Napi::Number>().Int32Value();
}

std::string Text(const Napi::CallbackInfo& info, size_t index) {
  return info[index].As<Napi::String>().Utf8Value();
}

Napi::Value Pair(Napi::Env env, const Address& address) {
  Napi::Array pair = Napi::Array::New(env, 2);
  // Not Array::Set: in a worker that is being terminated it would fail, and abort the process.
  napi_set_element(env, pair, 0, Napi::String::New(env, address.host));
  napi_set_element(env, pair, 1, Napi::Number::New(env, address.port));
  return pair;
}

Reads ReadsOf(const Napi::Value& hot) {
  return hot.ToBoolean() ? Reads::kHot : Reads::kAhead;
}

std::unique_ptr<Drive> MakeDrive(PrivateLoop* loop, Drive::Client* client, uint32_t interval_ms) {
  if (interval_ms > 0) return std::make_unique<BlockingDrive>(loop, client, interval_ms);
  return std::make_unique<GuestDrive>(loop, client);
}

}  // namespace

Napi::Function IoLoop::Define(Napi::Env env) {
  return DefineClass(env, "IoLoop",
                     {InstanceMethod<&IoLoop::Listen>("listen"),
                      InstanceMethod<&IoLoop::Connect>("connect"),
                      InstanceMethod<&IoLoop::LocalAddress>("localAddress"),
                      InstanceMethod<&IoLoop::RemoteAddress>("remoteAddress"),
                      InstanceMethod<&IoLoop::SetReading>("setReading"),
                      InstanceMethod<&IoLoop::HotBuffer>("hotBuffer"),
                      InstanceMethod<&IoLoop::ReadInto>("readInto"),
                      InstanceMethod<&IoLoop::Disarm>("disarm"),
                      InstanceMethod<&IoLoop::ReadAhead>("readAhead"),
                      InstanceMethod<&IoLoop::Write>("write"),
                      InstanceMethod<&IoLoop::Send>("send"),
                      InstanceMethod<&IoLoop::ShutDown>("shutDown"),
                      InstanceMethod<&IoLoop::CloseHandle>("closeHandle"),
                      InstanceMethod<&IoLoop::ReadFile>("readFile"),
                      InstanceMethod<&IoLoop::WriteFile>("writeFile"),
                      InstanceMethod<&IoLoop::TakeFile>("takeFile"),
                      InstanceMethod<&IoLoop::SetAlarm>("setAlarm"),
                      InstanceMethod<&IoLoop::More>("more"),
                      InstanceMethod<&IoLoop::Poll>("poll"),
                      InstanceMethod<&IoLoop::SetRunning>("setRunning"),
                      InstanceMethod<&IoLoop::CallSoon>("callSoon"),
                      InstanceMethod<&IoLoop::Close>("close")});
}

IoLoop::IoLoop(const Info& info)
    : Napi::ObjectWrap<IoLoop>(info),
      loop_(info.Env()),
      drive_(MakeDrive(&loop_, this, info[3].As<Napi::Number>().Uint32Value())) {
  Napi::Env env = info.Env();
  auto records = info[0].As<Napi::Int32Array>();
  records_ = Napi::Persistent(records);
  on_records_ = Napi::Persistent(info[2].As<Napi::Function>());
  loop_.completions.Attach(records.Data(), records.ElementLength());
  loop_.slab.Attach(info[1].As<Napi::Array>(), &loop_.completions, loop_.buffers.get());

  uv_loop_t* host = nullptr;
  napi_get_uv_event_loop(env, &host);
  int error = loop_.Open();
  if (error == 0) {
    error = drive_->Open(host);
    if (error != 0) {
      loop_.CloseAll();
      uv_run(&loop_.uv, UV_RUN_DEFAULT);
      loop_.Release();
    }
  }
  if (error != 0) {
    Napi::Error::New(env, uv_strerror(error)).ThrowAsJavaScriptException();
    return;
  }
  open_ = true;
  Ref();
  napi_async_init(env, info.This(), Napi::String::New(env, "loopdyno:uv"), &async_context_);
  napi_add_async_cleanup_hook(
      env,
      [](napi_async_cleanup_hook_handle, void* self) {
        auto* loop = static_cast<IoLoop*>(self);
        loop->env_ending_ = true;
        loop->BeginClose();
        loop->drive_->Wake();
      },
      this, &cleanup_);
}

IoLoop::~IoLoop() {
  if (async_context_ != nullptr) napi_async_destroy(Env(), async_context_);
}

Napi::Value IoLoop::Listen(const Info& info) {
  sockaddr_storage on{};
  if (!Address::Parse(Text(info, 0), Int(info, 1), &on)) {
    return Napi::Number::New(info.Env(), UV_EINVAL);
  }
  auto* server = new TcpServer(&loop_, ReadsOf(info[3]));
  const int error = server->Listen(on, Int(info, 2));
  if (error != 0) server->Close();
  drive_->Touch();
  return Napi::Number::New(info.Env(), error != 0 ? error : server->id());
}

Napi::Value IoLoop::Connect(const Info& info) {
  sockaddr_storage to{};
  if (!Address::Parse(Text(info, 0), Int(info, 1), &to)) {
    return Napi::Number::New(info.Env(), UV_EINVAL);
  }
  auto* stream = new TcpStream(&loop_, ReadsOf(info[2]));
  const int error = stream->Connect(to);
  if (error != 0) stream->Close();
  drive_->Touch();
  return Napi::Number::New(info.Env(), error != 0 ? error : stream->id());
}

Napi::Value IoLoop::LocalAddress(const Info& info) {
  auto* server = static_cast<TcpServer*>(loop_.Find(Int(info, 0)));
  return Pair(info.Env(), server->Local());
}

Napi::Value IoLoop::RemoteAddress(const Info& info) {
  auto* stream = static_cast<TcpStream*>(loop_.Find(Int(info, 0)));
  return Pair(info.Env(), stream->Remote());
}

Napi::Value IoLoop::SetReading(const Info& info) {
  auto* stream = static_cast<TcpStream*>(loop_.Find(Int(info, 0)));
  const bool on = info[1].As<Napi::Boolean>();
  const int error = on ? stream->StartReading() : stream->StopReading();
  drive_->Touch();
  return Napi::Number::New(info.Env(), error);
}

Napi::Value IoLoop::HotBuffer(const Info& info) { return loop_.hot.Get(info.Env(), loop_.buffers.get()); }

Napi::Value IoLoop::ReadInto(const Info& info) {
  auto* stream = static_cast<TcpStream*>(loop_.Find(Int(info, 0)));
  const int error = stream->ReadInto(info[1].IsUndefined() ? nullptr : napi_value(info[1]));
  drive_->Touch();
  return Napi::Number::New(info.Env(), error);
}

Napi::Value IoLoop::Disarm(const Info& info) {
  auto* stream = static_cast<TcpStream*>(loop_.Find(Int(info, 0)));
  return Napi::Boolean::New(info.Env(), stream->Disarm());
}

Napi::Value IoLoop::ReadAhead(const Info& info) {
  auto* stream = static_cast<TcpStream*>(loop_.Find(Int(info, 0)));
  const int error = stream->ReadAhead();
  drive_->Touch();
  return Napi::Number::New(info.Env(), error);
}

Napi::Value IoLoop::Write(const Info& info) {
  auto* stream = static_cast<TcpStream*>(loop_.Find(Int(info, 0)));
  void* data = nullptr;
  size_t length = 0;
  napi_get_buffer_info(info.Env(), info[1], &data, &length);
  const int64_t queued = stream->Write(static_cast<char*>(data), length);
  if (queued > 0) drive_->Touch();
  return Napi::Number::New(info.Env(), static_cast<double>(queued));
}

Napi::Value IoLoop::Send(const Info& info) {
  auto* stream = static_cast<TcpStream*>(loop_.Find(Int(info, 0)));
  void* data = nullptr;
  size_t length = 0;
  napi_get_buffer_info(info.Env(), info[1], &data, &length);
  const int64_t queued = stream->Send(static_cast<char*>(data), length);
  if (queued > 0) drive_->Touch();
  return Napi::Number::New(info.Env(), static_cast<double>(queued));
}

Napi::Value IoLoop::ShutDown(const Info& info) {
  auto* stream = static_cast<TcpStream*>(loop_.Find(Int(info, 0)));
  const int error = stream->ShutDown();
  drive_->Touch();
  return Napi::Number::New(info.Env(), error);
}

void IoLoop::CloseHandle(const Info& info) {
  Handle* handle = loop_.Find(Int(info, 0));
  if (handle == nullptr) return;
  handle->Close();
  drive_->Touch();
}

Napi::Value IoLoop::ReadFile(const Info& info) {
  auto* job = new FileRead(&loop_, Int(info, 0), Text(info, 1));
  const int error = job->Start();
  if (error != 0) delete job;
  drive_->Touch();
  return Napi::Number::New(info.Env(), error);
}

Napi::Value IoLoop::WriteFile(const Info& info) {
  void* data = nullptr;
  size_t length = 0;
  napi_get_buffer_info(info.Env(), info[2], &data, &length);
  auto* job =
      new FileWrite(&loop_, Int(info, 0), Text(info, 1), static_cast<char*>(data), length,
                    info[3].ToBoolean());
  const int error = job->Start();
  if (error != 0) delete job;
  drive_->Touch();
  return Napi::Number::New(info.Env(), error);
}

Napi::Value IoLoop::TakeFile(const Info& info) {
  const int32_t id = Int(info, 0);
  auto* job = static_cast<FileRead*>(loop_.FindFile(id));
  if (job == nullptr) return info.Env().Undefined();
  Napi::Value taken = job->Take(info.Env());
  loop_.ForgetFile(id);
  delete job;
  return taken;
}

void IoLoop::SetAlarm(const Info& info) {
  if (closing_) return;
  loop_.SetAlarm(info[0].As<Napi::Number>().Int64Value());
  drive_->Touch();
}

Napi::Value IoLoop::More(const Info& info) {
  loop_.completions.Refill();
  return Napi::Number::New(info.Env(), TakeCount());
}

Napi::Value IoLoop::Poll(const Info& info) {
  loop_.hot.Clear();
  if (open_ && !closing_) uv_run(&loop_.uv, UV_RUN_NOWAIT);
  drive_->Touch();
  return Napi::Number::New(info.Env(), TakeCount());
}

void IoLoop::SetRunning(const Info& info) {
  if (open_ && !closing_) drive_->SetRunning(info[0].As<Napi::Boolean>());
}

void IoLoop::CallSoon(const Info&) {
  if (open_ && !closing_) drive_->CallSoon();
}

void IoLoop::Close(const Info&) { BeginClose(); }

void IoLoop::BeginClose() {
  if (!open_ || closing_) return;
  closing_ = true;
  loop_.CloseAll();
  drive_->Close();
}

int32_t IoLoop::TakeCount() {
  const int32_t count = loop_.completions.Take();
  return loop_.completions.spilled() ? -count : count;
}

// Through a callback scope, which drains nextTicks and promise reactions before it returns: a plain
// call would leave them until Node happens to drain.
void IoLoop::Deliver() {
  if (env_ending_) {
    loop_.completions.Discard();
    loop_.hot.Clear();
    return;
  }
  Napi::Env env = Env();
  Napi::HandleScope scope(env);
  napi_value count = Napi::Number::New(env, TakeCount());
  napi_value result = nullptr;
  const napi_status status = napi_make_callback(env, async_context_, Value(), on_records_.Value(),
                                                1, &count, &result);
  loop_.hot.Clear();
  if (status != napi_pending_exception) return;
  napi_value error = nullptr;
  if (napi_get_and_clear_last_exception(env, &error) == napi_ok) napi_fatal_exception(env, error);
}

void IoLoop::DriveClosed() {
  open_ = false;
  if (!env_ending_) {
    loop_.completions.Add(Op::kLoopClosed);
    Deliver();
  }
  Napi::HandleScope scope(Env());
  // Our references are roots to V8, and the callback leads back to us: held on, we would stay.
  on_records_.Reset();
  records_.Reset();
  // Node 26 holds an async context's resource, which is us, until the context is destroyed.
  napi_async_destroy(Env(), async_context_);
  async_context_ = nullptr;
  loop_.slab.Detach();
  loop_.hot.Detach();
  Unref();
  napi_remove_async_cleanup_hook(cleanup_);
}

}  // namespace loopdyno
