import pytest, time, json
from units.isolation.proof import prove_isolation
@pytest.mark.django_db
def test_x():
    t=time.time()
    tally = prove_isolation()
    d=tally.as_dict()
    print(json.dumps(d,ensure_ascii=False,indent=1), time.time()-t)
