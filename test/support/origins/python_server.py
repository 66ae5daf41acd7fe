import json, os, socket, sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../../examples/origins/python"))
sys.dont_write_bytecode = True
import uvicorn
from verify_assertion import VerifyAssertion

async def app(scope, receive, send):
    body = json.dumps({"subject": scope["assertion"]["sub"]}).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})

settings = json.loads(os.environ["ORIGIN_SETTINGS"])
verified = VerifyAssertion(app, settings["issuer"], settings["trustDomain"], settings["jwksUrl"])
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen()
print("http://127.0.0.1:%d" % listener.getsockname()[1], flush=True)
uvicorn.run(verified, fd=listener.fileno(), lifespan="off", log_level="critical")
