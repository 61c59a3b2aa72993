import os

import boto3
from fastapi import FastAPI
from mangum import Mangum

dynamodb = boto3.resource("dynamodb")
cartstable = dynamodb.Table(os.environ["CARTSTABLE"])
orderstable = dynamodb.Table(os.environ["ORDERSTABLE"])
parcelstable = dynamodb.Table(os.environ["PARCELSTABLE"])
app = FastAPI()


@app.put("/carts/{id}/kind0")
def put_carts_0(id: str):
    cartstable.put_item(Item={"id": id, "kind": 0})
    return {"id": id}


@app.get("/carts/{id}/kind1")
def get_carts_1(id: str):
    return cartstable.get_item(Key={"id": id})["Item"]


@app.put("/carts/{id}/kind2")
def put_carts_2(id: str):
    cartstable.put_item(Item={"id": id, "kind": 2})
    return {"id": id}


@app.put("/orders/{id}/kind0")
def put_orders_0(id: str):
    orderstable.put_item(Item={"id": id, "kind": 0})
    return {"id": id}


@app.get("/orders/{id}/kind1")
def get_orders_1(id: str):
    return orderstable.get_item(Key={"id": id})["Item"]


@app.put("/orders/{id}/kind2")
def put_orders_2(id: str):
    orderstable.put_item(Item={"id": id, "kind": 2})
    return {"id": id}


@app.put("/parcels/{id}/kind0")
def put_parcels_0(id: str):
    parcelstable.put_item(Item={"id": id, "kind": 0})
    return {"id": id}


@app.get("/parcels/{id}/kind1")
def get_parcels_1(id: str):
    return parcelstable.get_item(Key={"id": id})["Item"]


@app.put("/parcels/{id}/kind2")
def put_parcels_2(id: str):
    parcelstable.put_item(Item={"id": id, "kind": 2})
    return {"id": id}


handler = Mangum(app, lifespan="off")
